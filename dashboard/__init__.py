"""Between a question's answer and the screen."""
