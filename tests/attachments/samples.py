"""Files of each kind, as small as they can be."""

from django.core.files.uploadedfile import SimpleUploadedFile

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + b"\x00" * 40 + b"\xff\xd9"
AMR = b"#!AMR\n" + b"\x00" * 60
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\x00" + b"\x00" * 200
ZIP = b"PK\x03\x04" + b"\x00" * 60


def a_file(content: bytes = PNG, name: str = "light.png", said: str = "image/png") -> SimpleUploadedFile:
    """An upload; what its sender says of its type is believed by nobody."""
    return SimpleUploadedFile(name, content, content_type=said)
