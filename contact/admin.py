"""When customers are left alone, for administrators (R23)."""

from django.contrib import admin

from common.onerow import OneRowAdmin
from contact.models import QuietHours

admin.site.register(QuietHours, OneRowAdmin)
