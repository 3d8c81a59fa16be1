package engagement

// Criterion is one thing that scorers give points for.
type Criterion struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Ask   string `json:"ask,omitempty"`
	// Weight of the criterion; the weights of a scorecard add up to 100.
	Weight int `json:"weight"`
	// Most is the best score; the worst is 0.
	Most int `json:"most"`
}
