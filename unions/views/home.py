"""The workbench: what to do today."""

from django.shortcuts import render

from unions.kit.http import any_account


@any_account
def home(request):
    return render(request, "unions/home.html", {})
