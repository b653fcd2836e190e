"""Addresses of one case, below the number of the appeal; included under the pages of the staff."""

from django.urls import path

from appeals.views.staff.case import decide, page, reply, talk, work

urlpatterns = [
    path("<str:number>/", page.case, name="case"),
    path("<str:number>/print/", page.print_view, name="case-print"),
    path("<str:number>/identity/", page.identity, name="case-identity"),
    path("<str:number>/claim/", work.claim, name="case-claim"),
    path("<str:number>/assign/", work.Assign.as_view(), name="case-assign"),
    path("<str:number>/hand-back/", work.HandBack.as_view(), name="case-hand-back"),
    path("<str:number>/co-executors/", work.CoExecutors.as_view(), name="case-co-executors"),
    path("<str:number>/co-executors/<int:user_id>/release/", work.release_co_executor, name="case-co-executor-release"),
    path("<str:number>/note/", talk.note, name="case-note"),
    path("<str:number>/message/", talk.message, name="case-message"),
    path("<str:number>/ask/", talk.ask, name="case-ask"),
    path("<str:number>/end-wait/", talk.end_wait, name="case-end-wait"),
    path("<str:number>/read/", talk.mark_read, name="case-read"),
    path("<str:number>/files/", talk.AddFiles.as_view(), name="case-files"),
    path("<str:number>/files/<int:file_id>/", talk.file, name="case-file"),
    path("<str:number>/extend/", decide.Extend.as_view(), name="case-extend"),
    path("<str:number>/extensions/<int:proposal_id>/grant/", decide.grant, name="case-extension-grant"),
    path("<str:number>/extensions/<int:proposal_id>/refuse/", decide.Refuse.as_view(), name="case-extension-refuse"),
    path("<str:number>/reply/", reply.WriteReply.as_view(), name="case-reply"),
    path("<str:number>/reply/save/", reply.autosave, name="case-reply-save"),
    path("<str:number>/questions/<int:question_id>/", reply.AnswerQuestion.as_view(), name="case-question"),
    path("<str:number>/close/", decide.Close.as_view(), name="case-close"),
]
