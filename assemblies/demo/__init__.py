"""What the demo district shows of terms, delegates and proposals."""
