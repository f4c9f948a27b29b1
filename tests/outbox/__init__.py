"""The outbox: who is told, once, quietly where many, at once where urgent; what fails is seen."""
