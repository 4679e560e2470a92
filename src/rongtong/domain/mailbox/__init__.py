"""What people are told: messages in the portal, one mail a day that gathers them, calendars of what is due."""
