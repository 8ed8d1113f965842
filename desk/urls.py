"""Addresses of the pages."""

from django.urls import path

from desk.views import (
    answering,
    bell,
    callbacks,
    calls,
    customers,
    dispatching,
    files,
    frame,
    queue,
    search,
    styleguide,
    survey,
    tickets,
    watching,
)

app_name = "desk"

urlpatterns = [
    path("", frame.home, name="home"),
    path("sign-in/", frame.sign_in, name="sign_in"),
    path("sign-out/", frame.sign_out, name="sign_out"),
    path("language/", frame.language, name="language"),
    path("light/", frame.theme, name="theme"),
    path("me/", frame.settings, name="settings"),
    path("search/", search.search, name="search"),
    path("calls/", calls.call, name="call"),
    path("calls/new/", calls.stranger, name="stranger"),
    path("calls/categories/", calls.categories, name="categories"),
    path("calls/<int:pk>/", calls.customer, name="customer"),
    path("board/", watching.board, name="board"),
    path("inbox/", watching.inbox, name="inbox"),
    path("approvals/", watching.approvals, name="approvals"),
    path("mine/", answering.mine, name="mine"),
    path("replies/", answering.replies, name="replies"),
    path("dispatch/", dispatching.dispatch, name="dispatch"),
    path("queue/", queue.queue, name="queue"),
    path("callbacks/", callbacks.callbacks, name="callbacks"),
    path("messages/", bell.bell, name="messages"),
    path("messages/read/", bell.read_all, name="read_all"),
    path("messages/<int:pk>/", bell.read, name="read"),
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets/<str:reference>/", tickets.ticket, name="ticket"),
    path("tickets/<str:reference>/reveal/", customers.reveal, name="reveal"),
    path("tickets/<str:reference>/files/", files.add, name="add_file"),
    path("tickets/<str:reference>/files/<str:key>/", files.fetch, name="file"),
    path("tickets/<str:reference>/files/<str:key>/remove/", files.remove, name="remove_file"),
    path("tickets/<str:reference>/clocks/<int:pk>/", watching.clock, name="clock"),
    path("s/thanks/", survey.thanks, name="survey_thanks"),
    path("s/<path:token>", survey.survey, name="survey"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
