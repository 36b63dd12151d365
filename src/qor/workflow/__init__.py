"""What people decide: cases, objections, decisions, under the clock. Only an action changes state,
and leaves its trace in the journal."""
