"""Cases: a finding from the day it is shown to its final word, by the machines of the law floor."""
