"""Addresses of the doors for other systems, and of the operators' pages."""

urlpatterns = []
