"""The numbers of callbacks, for administrators."""

from django.contrib import admin

from callbacks.models import CallbackRules
from common.onerow import OneRowAdmin

admin.site.register(CallbackRules, OneRowAdmin)
