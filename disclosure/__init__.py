"""What unions tell, upward and to their members: returns, reports, bulletins, enquiries, funds."""
