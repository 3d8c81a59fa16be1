package slack

import "gangway/internal/review"

// nudge says that requests still wait for somebody, or that a backup is asked
// now; without text: nothing is left to say.
func nudge(list []scene, why string) message { return message{} }

// wordTo tells a manager or an owner that somebody does not answer.
func wordTo(list []scene, why string) message { return message{} }

// tidings says how a request ended to whoever asked for it, or owns its case.
func (s scene) tidings() message { return message{} }

// verdict says what became of an answer that was received earlier.
func (s scene) verdict(out review.Outcome) message { return message{} }

// moved says that a card can't be changed any more and where the request is.
func (s scene) moved() message { return message{} }
