"""Who works with Qor: organisations, users with their roles, absences."""
