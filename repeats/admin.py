"""How far back repeats are looked for, for administrators."""

from django.contrib import admin

from common.onerow import OneRowAdmin
from repeats.models import RepeatRules

admin.site.register(RepeatRules, OneRowAdmin)
