"""Addresses of the resident's pages. Numbers of appeals stand in them, secrets never do."""

from django.urls import path

from appeals.views.citizen import account, files, filing, judging, public_list, receipt, tracking

urlpatterns = [
    path("", public_list.home, name="home"),
    path("appeals/", public_list.public_list, name="public_list"),
    path("appeals/appeals.csv", public_list.public_csv, name="public_csv"),
    path("appeals/new/", filing.file_appeal, name="file"),
    path("appeals/<str:number>/", public_list.public_card, name="public_card"),
    path("track/", tracking.track, name="track"),
    path("track/forget/", tracking.forget, name="forget_cases"),
    path("track/<str:number>/", tracking.tracking, name="tracking"),
    path("track/<str:number>/receipt/", receipt.receipt, name="receipt"),
    path("track/<str:number>/code/", receipt.confirm, name="confirm_contact"),
    path("track/<str:number>/code/again/", receipt.send_again, name="send_code_again"),
    path("track/<str:number>/messages/", tracking.add_message, name="add_message"),
    path("track/<str:number>/judgement/", judging.judge, name="judge"),
    path("track/<str:number>/judgement/solved/", judging.solved, name="judge_solved"),
    path("track/<str:number>/rating/", judging.rate, name="rate"),
    path("track/<str:number>/withdrawal/", judging.withdraw, name="withdraw"),
    path("track/<str:number>/files/<int:file_id>/", files.citizen_file, name="citizen_file"),
    path("my/", account.my_appeals, name="my_appeals"),
    path("my/profile/", account.profile, name="profile"),
    path("my/views/", account.who_looked, name="who_looked"),
    path("help/", public_list.help_page("help"), name="help"),
    path("help/terms/", public_list.help_page("help_terms"), name="help_terms"),
    path("help/privacy/", public_list.help_page("help_privacy"), name="help_privacy"),
    path("help/accessibility/", public_list.help_page("help_accessibility"), name="help_accessibility"),
]
