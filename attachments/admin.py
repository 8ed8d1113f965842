"""The numbers of attachments, for administrators."""

from django.contrib import admin

from attachments.models import AttachmentRules
from common.onerow import OneRowAdmin

admin.site.register(AttachmentRules, OneRowAdmin)
