"""The addresses under /api/v1/. An operation on a ticket is called as in `possible`, with hyphens."""

from django.contrib.auth.decorators import login_required
from django.urls import path, register_converter
from django.urls.converters import StringConverter
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from api import (
    acceptance,
    agreeing,
    approving,
    authorities,
    calling,
    concluding,
    directory,
    dispatching,
    escalating,
    figures,
    files,
    handling,
    limits,
    opening,
    policies,
    progressing,
    repeats,
    replying,
    talking,
    tickets,
    writing,
)
from api.endpoints import Nowhere, TicketOperation


class Reference(StringConverter):
    """A ticket's reference."""

    regex = r"T-[0-9]{1,18}"


register_converter(Reference, "reference")

OPERATIONS: dict[str, type[TicketOperation]] = {
    # moves, in the order of the life
    "resolve-on-site": acceptance.ResolveOnSite,
    "return-for-completion": dispatching.ReturnForCompletion,
    "resubmit": acceptance.Resubmit,
    "dispatch": dispatching.Dispatch,
    "handle-at-desk": dispatching.HandleAtDesk,
    "recall": dispatching.Recall,
    "claim": handling.Claim,
    "release": handling.Release,
    "assign": handling.Assign,
    "transfer": handling.Transfer,
    "send-back": handling.SendBack,
    "feed-back": handling.FeedBack,
    "reject-feedback": replying.RejectFeedback,
    "reply": replying.Reply,
    "conclude": concluding.Conclude,
    "conclude-unreachable": concluding.ConcludeUnreachable,
    "reopen": concluding.Reopen,
    "cancel": concluding.Cancel,
    # beside the state
    "begin-reply": replying.BeginReply,
    "release-reply": replying.ReleaseReply,
    "attempt-reply": replying.AttemptReply,
    "confirm": concluding.Confirm,
    "merge": concluding.Merge,
    "hand-over": agreeing.HandOver,
    "name-replier": agreeing.NameReplier,
    "hold": agreeing.Hold,
    "resume": agreeing.Resume,
    "promise": agreeing.Promise,
    "consent": agreeing.Consent,
    "chase-up": talking.ChaseUp,
    "add-facts": repeats.AddFacts,
    "judge-repeat": repeats.JudgeRepeat,
    "link-repeat": repeats.LinkRepeat,
    "ask-assistance": handling.AskAssistance,
    "reclassify": talking.Reclassify,
    "mark-grave": talking.MarkGrave,
    "readdress": talking.Readdress,
    "open-case": authorities.OpenCase,
    "comment": talking.Comment,
    "tell-progress": progressing.TellProgress,
    "report-interim": progressing.ReportInterim,
    "request-approval": approving.RequestApproval,
    "grant-solution": approving.GrantSolution,
    # a supervisor's
    "demand": escalating.Demand,
    "escalate": escalating.Escalate,
    "decide-gravity": escalating.DecideGravity,
    "take-over": escalating.TakeOver,
    "reassign": escalating.Reassign,
    "extend": limits.Extend,
}

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "docs/",
        login_required(SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api/docs.html")),
        name="docs",
    ),
    path("me/", directory.Me.as_view(), name="me"),
    path("categories/", directory.Categories.as_view(), name="categories"),
    path("units/", directory.Units.as_view(), name="units"),
    path("people/", directory.People.as_view(), name="people"),
    path("tickets/", tickets.TicketList.as_view(), name="tickets"),
    path("tickets/<reference:reference>/", tickets.TicketDetail.as_view(), name="ticket"),
    path("tickets/<reference:reference>/history/", tickets.TicketHistory.as_view(), name="history"),
    path("tickets/<reference:reference>/reveal-contact/", tickets.RevealContact.as_view(), name="reveal-contact"),
    *(
        path(f"tickets/<reference:reference>/{name}/", operation.as_view(), name=name)
        for name, operation in OPERATIONS.items()
    ),
    path(
        "tickets/<reference:reference>/assistances/<int:assistance>/answer/",
        handling.AnswerAssistance.as_view(),
        name="answer-assistance",
    ),
    path(
        "tickets/<reference:reference>/chase-ups/<int:number>/answer/",
        talking.AnswerChaseUp.as_view(),
        name="answer-chase-up",
    ),
    path("tickets/<reference:reference>/files/", files.Files.as_view(), name="files"),
    path("tickets/<reference:reference>/files/<str:key>/", files.File.as_view(), name="file"),
    path("tickets/<reference:reference>/repeats/", repeats.Repeats.as_view(), name="repeats"),
    path("tickets/<reference:reference>/clocks/", limits.Clocks.as_view(), name="clocks"),
    path(
        "tickets/<reference:reference>/escalations/",
        escalating.TicketEscalations.as_view(),
        name="ticket-escalations",
    ),
    path("escalations/", escalating.Inbox.as_view(), name="escalations"),
    path("escalations/acknowledge-many/", escalating.AcknowledgeMany.as_view(), name="acknowledge-many"),
    path("escalations/resolve-many/", escalating.ResolveMany.as_view(), name="resolve-many"),
    path("escalations/<int:pk>/acknowledge/", escalating.Acknowledge.as_view(), name="acknowledge"),
    path("escalations/<int:pk>/resolve/", escalating.Resolve.as_view(), name="resolve"),
    path("callbacks/", calling.CallbackList.as_view(), name="callbacks"),
    path("callbacks/to-decide/", calling.CallbacksToDecide.as_view(), name="callbacks-to-decide"),
    path("callbacks/<int:pk>/", calling.CallbackDetail.as_view(), name="callback"),
    path("callbacks/<int:pk>/take/", calling.TakeCallback.as_view(), name="take-callback"),
    path("callbacks/<int:pk>/attempt/", calling.AttemptCallback.as_view(), name="attempt-callback"),
    path("callbacks/<int:pk>/answer/", calling.AnswerCallback.as_view(), name="answer-callback"),
    path("callbacks/<int:pk>/decide/", calling.DecideCallback.as_view(), name="decide-callback"),
    path("figures/", figures.Figures.as_view(), name="figures"),
    path("figures/<slug:key>/", figures.FigureDetail.as_view(), name="figure"),
    path("figures/<slug:key>/tickets/", figures.FigureTickets.as_view(), name="figure-tickets"),
    path("approvals/", approving.Approvals.as_view(), name="approvals"),
    path("approvals/decided/", approving.DecidedSolutions.as_view(), name="decided-approvals"),
    path("tickets/<reference:reference>/approvals/", approving.SolutionsOfTicket.as_view(), name="approvals-of-ticket"),
    path("approvals/<int:pk>/decide/", approving.DecideApproval.as_view(), name="decide-approval"),
    path("approvals/<int:pk>/withdraw/", approving.WithdrawApproval.as_view(), name="withdraw-approval"),
    path("policies/which/", policies.WhichPolicy.as_view(), name="which-policy"),
    path("follow-ups/", progressing.FollowUps.as_view(), name="follow-ups"),
    path("follow-ups/<int:pk>/finish/", progressing.FinishFollowUp.as_view(), name="finish-follow-up"),
    path("tickets/<reference:reference>/letters/", writing.LettersOfTicket.as_view(), name="letters-of-ticket"),
    path("letters/", writing.LettersToDecide.as_view(), name="letters"),
    path("letters/<int:pk>/", writing.LetterDetail.as_view(), name="letter"),
    path("letters/<int:pk>/paper/", writing.LetterPaper.as_view(), name="letter-paper"),
    path("letters/<int:pk>/revise/", writing.ReviseLetter.as_view(), name="revise-letter"),
    path("letters/<int:pk>/submit/", writing.SubmitLetter.as_view(), name="submit-letter"),
    path("letters/<int:pk>/decide/", writing.DecideLetter.as_view(), name="decide-letter"),
    path("letters/<int:pk>/send/", writing.SendLetter.as_view(), name="send-letter"),
    path("letters/<int:pk>/withdraw/", writing.WithdrawLetter.as_view(), name="withdraw-letter"),
    path("appeals/", authorities.Appeals.as_view(), name="appeals"),
    path("authority-cases/", authorities.AuthorityCases.as_view(), name="authority-cases"),
    path("authority-cases/<int:pk>/", authorities.AuthorityCaseDetail.as_view(), name="authority-case"),
    path("authority-cases/<int:pk>/note-acceptance/", authorities.NoteAcceptance.as_view(), name="note-acceptance"),
    path("authority-cases/<int:pk>/answer/", authorities.AnswerAuthority.as_view(), name="answer-authority"),
    path("authority-cases/<int:pk>/add-document/", authorities.AddDocument.as_view(), name="add-document"),
    path("authority-cases/<int:pk>/link-ticket/", authorities.LinkTicket.as_view(), name="link-ticket"),
    path("authority-cases/<int:pk>/close/", authorities.CloseCase.as_view(), name="close-case"),
    path("look-ups/", opening.LookUps.as_view(), name="look-ups"),
    path("look-ups/<int:pk>/tickets/<reference:reference>/", opening.LookedUpTicket.as_view(), name="looked-up-ticket"),
    path(
        "look-ups/<int:pk>/tickets/<reference:reference>/chase-up/",
        opening.LookedUpChaseUp.as_view(),
        name="looked-up-chase-up",
    ),
    path("customers/<int:pk>/", opening.CustomerDetail.as_view(), name="customer"),
    path("customers/<int:pk>/reveal/", opening.Reveal.as_view(), name="reveal"),
    path("", Nowhere.as_view()),
    path("<path:rest>", Nowhere.as_view()),
]
