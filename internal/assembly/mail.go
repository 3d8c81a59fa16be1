package assembly

import "context"

// mailPart is how mail is doing.
func (h *House) mailPart(context.Context) Part { return Part{State: stateOff} }
