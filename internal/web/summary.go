package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

// maxSummary is how many characters of a summary a page shows at its head.
const maxSummary = 400

// summaryOf is the plain-language summary of what the vendor is for, as whoever
// asked for it wrote it; empty where there is none, or where it was erased.
func (s *server) summaryOf(ctx context.Context, me visitor, c *dossier.CaseView) (string, error) {
	for _, d := range c.Documents {
		if d.Name != "intake" {
			continue
		}
		paper, body, err := s.desk.Document(ctx, me.address(), c.ID, d.Document)
		if gone(err) || paper.Size > engagement.MaxDocument {
			return "", nil
		}
		if err != nil {
			return "", fmt.Errorf("opening the intake: %w", err)
		}
		text, err := io.ReadAll(io.LimitReader(body, engagement.MaxDocument))
		_ = body.Close() // only read
		if err != nil {
			return "", fmt.Errorf("reading the intake: %w", err)
		}
		return summaryIn(text), nil
	}
	return "", nil
}

// summaryIn is the summary in an intake, as one paragraph.
func summaryIn(intake []byte) string {
	var in struct {
		Summary string `json:"summary"`
	}
	if json.Unmarshal(intake, &in) != nil {
		return ""
	}
	text := strings.Join(strings.Fields(tidy(in.Summary)), " ")
	if utf8.RuneCountInString(text) > maxSummary {
		text = string([]rune(text)[:maxSummary]) + "…"
	}
	return text
}
