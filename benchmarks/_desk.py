"""Makes the desk ready: whoever measures it imports this before its models."""

import django

django.setup()
