"""Years of quarterly returns for the made-up district of unions/demo, down to what lies on people's desks today."""
