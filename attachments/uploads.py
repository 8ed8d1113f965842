"""What a request may bring at most, refused before a byte of it is written anywhere."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class BoundedRequest(FileUploadHandler):
    """Comes first of all upload handlers, looks at the length of the request, and leaves the rest to the others."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: str, encoding: Any = None
    ) -> None:
        """Refuse what is longer than the settings allow. Raises RequestDataTooBig, which is answered with 400."""
        if content_length > settings.UPLOAD_MAX_SIZE:
            raise RequestDataTooBig("The request is longer than UPLOAD_MAX_SIZE.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass it on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The others make the file."""
        return
