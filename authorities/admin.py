"""How long authorities take and we may, for administrators."""

from django.contrib import admin

from authorities.models import AuthorityRules
from common.onerow import OneRowAdmin

admin.site.register(AuthorityRules, OneRowAdmin)
