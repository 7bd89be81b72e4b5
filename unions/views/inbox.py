"""Notices to the person who has signed in."""

from django.shortcuts import render

from unions.kit.http import any_account


@any_account
def inbox(request):
    return render(request, "unions/inbox.html", {})
