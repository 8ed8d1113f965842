"""The numbers of self-service, for administrators."""

from django.contrib import admin

from common.onerow import OneRowAdmin
from selfservice.models import SelfServiceRules

admin.site.register(SelfServiceRules, OneRowAdmin)
