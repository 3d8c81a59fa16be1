package slack

// board is where a case stands, on top of its thread in the channel of cases.
func (c caseScene) board() message { return message{text: c.Case.ID} }

// line is what one answer or act did, under the board; a message without text:
// the record has nothing of it that a channel should see.
func (s scene) line(answer string) message { return message{} }

// casesMessage lists cases, for somebody who asked for them.
func casesMessage(list []caseScene) message { return message{} }

// waitingMessage lists what waits for somebody who asked for it.
func waitingMessage(list []scene) message { return message{} }
