package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/exit"
)

// maxSummary is how many characters of a summary a mail shows.
const maxSummary = 400

// maxLessons bounds in the same way what one exit taught.
const maxLessons = 600

// inShort is what a mail says of an intake.
type inShort struct {
	words  string   // what the vendor is for
	taught []string // what leaving vendors of the kind taught, a line each
}

// summary is what a case's vendor is for, in the words of whoever asked for it, and what
// exits taught; empty where there is nothing, or it was erased. It goes to the client's
// own alone.
func (w *composer) summary(ctx context.Context, caseID string) (inShort, error) {
	if text, known := w.said[caseID]; known {
		return text, nil
	}
	v, err := w.view(ctx, caseID)
	if err != nil {
		return inShort{}, err
	}
	var in inShort
	for _, d := range v.Documents {
		if d.Name != "intake" {
			continue
		}
		if in, err = w.summaryIn(ctx, d.Document); err != nil {
			return inShort{}, err
		}
		break
	}
	w.said[caseID] = in
	return in, nil
}

func (w *composer) summaryIn(ctx context.Context, digest string) (inShort, error) {
	_, body, err := w.o.Store.Get(ctx, digest)
	if isMissing(err) {
		return inShort{}, nil
	}
	if err != nil {
		return inShort{}, fmt.Errorf("opening an intake: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(body, engagement.MaxDocument))
	if err = errors.Join(err, body.Close()); err != nil {
		return inShort{}, fmt.Errorf("reading an intake: %w", err)
	}
	var in struct {
		Summary string        `json:"summary"`
		Taught  []exit.Taught `json:"taught"`
	}
	if json.Unmarshal(text, &in) != nil { // none that this release reads
		return inShort{}, nil
	}
	short := inShort{words: textLine(strings.Join(strings.Fields(in.Summary), " "), maxSummary)}
	for _, t := range in.Taught {
		short.taught = append(short.taught, textLine(t.Sentence(), maxLessons)+".")
	}
	return short, nil
}
