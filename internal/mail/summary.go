package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"gangway/internal/engagement"
)

// maxSummary is how many characters of a summary a mail shows.
const maxSummary = 400

// summary is what a case's vendor is for, in the words of whoever asked for it;
// empty where nobody wrote it, or it was erased. It goes to the client's own alone.
func (w *composer) summary(ctx context.Context, caseID string) (string, error) {
	if text, known := w.said[caseID]; known {
		return text, nil
	}
	v, err := w.view(ctx, caseID)
	if err != nil {
		return "", err
	}
	text := ""
	for _, d := range v.Documents {
		if d.Name != "intake" || text != "" {
			continue
		}
		if text, err = w.summaryIn(ctx, d.Document); err != nil {
			return "", err
		}
	}
	w.said[caseID] = text
	return text, nil
}

func (w *composer) summaryIn(ctx context.Context, digest string) (string, error) {
	_, body, err := w.o.Store.Get(ctx, digest)
	if isMissing(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("opening an intake: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(body, engagement.MaxDocument))
	if err = errors.Join(err, body.Close()); err != nil {
		return "", fmt.Errorf("reading an intake: %w", err)
	}
	var in struct {
		Summary string `json:"summary"`
	}
	if json.Unmarshal(text, &in) != nil { // none that this release reads
		return "", nil
	}
	return textLine(strings.Join(strings.Fields(in.Summary), " "), maxSummary), nil
}
