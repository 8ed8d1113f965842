"""Addresses of the customer's own pages."""

from django.urls import path

from door.views import complaining, status, survey

app_name = "door"

urlpatterns = [
    path("complain/", complaining.choose, name="choose"),
    path("complain/received/<path:token>", complaining.received, name="received"),
    path("complain/<str:code>/", complaining.tell, name="tell"),
    path("status/", status.ask, name="ask"),
    path("status/<str:key>/", status.show, name="status"),
    path("s/thanks/", survey.thanks, name="survey_thanks"),
    path("s/<path:token>", survey.survey, name="survey"),
]
