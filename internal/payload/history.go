package payload

import (
	"context"
	"fmt"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/proxy"
)

// Unpack makes every payload of a history readable, in place. A history that
// was not packed stays as it is.
func Unpack(h *history.History) error {
	p := newPacker()
	err := proxy.VisitPayloads(context.Background(), h, proxy.VisitPayloadsOptions{
		SkipSearchAttributes: true,
		Visitor: func(_ *proxy.VisitPayloadsContext, all []*common.Payload) ([]*common.Payload, error) {
			return p.Decode(all)
		},
	})
	if err != nil {
		return fmt.Errorf("unpacking a history: %w", err)
	}
	return nil
}
