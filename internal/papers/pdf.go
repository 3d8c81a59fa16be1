package papers

import (
	"context"
	"time"

	"gangway/internal/engagement"
)

type pdfTools struct{}

func newPDFTools(string, []string, time.Duration) pdfTools { return pdfTools{} }

func (pdfTools) read(context.Context, []byte) (*found, error) {
	return &found{flags: []engagement.ReadingFlag{engagement.FlagUnreadable}}, nil
}
