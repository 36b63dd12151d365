"""Pages of people, their sign-in and absences."""
