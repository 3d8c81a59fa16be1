package slack

// card is the message that one person has of one request, in whatever state.
func (s scene) card() message { return message{text: s.Request.Title} }
