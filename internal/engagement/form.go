package engagement

// Form is what a step asks to be filled in: a questionnaire, a clause pack, an exit
// plan.
type Form struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Points []Point `json:"points"`
}
