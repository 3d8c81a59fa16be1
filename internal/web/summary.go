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
	"gangway/internal/exit"
)

// maxSummary is how many characters of a summary a page shows at its head.
const maxSummary = 400

// maxLessons bounds in the same way what one exit taught.
const maxLessons = 600

// summaryView is what the intake says at the head of a page, to those who decide.
type summaryView struct {
	// Text is what the vendor is for, as whoever asked for it wrote it.
	Text string
	// Taught is what leaving vendors of the kind taught.
	Taught []taughtView
}

// taughtView is what one exit taught; Link leads to its case, for who may see it.
type taughtView struct{ Says, Link string }

// summaryOf is the plain-language summary and the lessons in a case's intake; empty where
// there are none, or where it was erased.
func (s *server) summaryOf(ctx context.Context, me visitor, c *dossier.CaseView) (summaryView, error) {
	for _, d := range c.Documents {
		if d.Name != "intake" {
			continue
		}
		paper, body, err := s.desk.Document(ctx, me.address(), c.ID, d.Document)
		if gone(err) || paper.Size > engagement.MaxDocument {
			return summaryView{}, nil
		}
		if err != nil {
			return summaryView{}, fmt.Errorf("opening the intake: %w", err)
		}
		text, err := io.ReadAll(io.LimitReader(body, engagement.MaxDocument))
		_ = body.Close() // only read
		if err != nil {
			return summaryView{}, fmt.Errorf("reading the intake: %w", err)
		}
		return s.summaryIn(ctx, me, text), nil
	}
	return summaryView{}, nil
}

func (s *server) summaryIn(ctx context.Context, me visitor, intake []byte) summaryView {
	var in struct {
		Summary string        `json:"summary"`
		Taught  []exit.Taught `json:"taught"`
	}
	if json.Unmarshal(intake, &in) != nil {
		return summaryView{}
	}
	view := summaryView{Text: oneParagraph(in.Summary, maxSummary)}
	for _, t := range in.Taught {
		says := taughtView{Says: oneParagraph(t.Sentence(), maxLessons) + "."}
		if _, err := s.desk.Case(ctx, me.address(), t.Exit); err == nil { // else it is not theirs to see, or not to be had now
			says.Link = caseLink(t.Exit)
		}
		view.Taught = append(view.Taught, says)
	}
	return view
}

// oneParagraph folds a text into one, of so many characters at most.
func oneParagraph(text string, most int) string {
	text = strings.Join(strings.Fields(tidy(text)), " ")
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "…"
	}
	return text
}
