"""Addresses of the portal."""

from django.urls import path

from rongtong.portal.views import accounts, figures, leads, resources, search, shell, widgets, workbench

app_name = "portal"
urlpatterns = [
    path("", shell.home, name="home"),
    path("appearance", shell.appearance, name="appearance"),
    path("language", shell.language, name="language"),
    path("help", shell.help_page, name="help"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("workbench", workbench.workbench, name="workbench"),
    path("me/demands", workbench.my_demands, name="my-demands"),
    path("me/leads", workbench.my_leads, name="my-leads"),
    path("leads/<uuid:identifier>/", leads.detail, name="lead"),
    path("leads/<uuid:identifier>/advance", leads.advance, name="advance-lead"),
    path("match/<uuid:demand>/introduce/<uuid:candidate>", leads.propose, name="introduce"),
    path("figures", figures.figures, name="figures"),
    path("figures/<slug:key>.csv", figures.download, name="figure-file"),
    path("resources/", resources.index, name="resources"),
    path("resources/<slug:kind>/", resources.listing, name="list"),
    path("resources/<slug:kind>/new", resources.create, name="create"),
    path("resources/<slug:kind>/<uuid:identifier>/", resources.detail, name="record"),
    path("resources/<slug:kind>/<uuid:identifier>/drawer", resources.drawer, name="drawer"),
    path("resources/<slug:kind>/<uuid:identifier>/edit", resources.edit, name="edit"),
    path("resources/<slug:kind>/<uuid:identifier>/advance", resources.advance, name="advance"),
    path("r/<uuid:identifier>", resources.old_address, name="by-id"),
    path("search", search.search, name="search"),
    path("demands/describe", shell.home, name="describe"),
    path("match/<uuid:identifier>/", shell.home, name="match"),
    path("import", shell.home, name="import"),
    path("export", shell.home, name="export"),
    path("export/<slug:kind>.<slug:form>", shell.home, name="export-file"),
    path("parts/terms/<slug:scheme>", widgets.terms, name="terms"),
    path("parts/measure", widgets.measure, name="measure"),
]
