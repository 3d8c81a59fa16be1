package archive_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gangway/internal/archive"
	"gangway/internal/arrivals"
)

// BenchmarkArrivals keeps a raw mail, puts its row and settles it in a case, as the
// reader of a mailbox does: ten cases take all of them.
func BenchmarkArrivals(b *testing.B) {
	ctx := context.Background()
	a, err := archive.Open(ctx, archive.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	for i := range 10 {
		p := newCase(fmt.Sprintf("onboarding/v%d/1", i)).opened()
		if err := a.Append(ctx, p.rest); err != nil {
			b.Fatal(err)
		}
	}
	for i := 0; b.Loop(); i++ {
		id := fmt.Sprint("m", i)
		paper, err := a.Put(ctx, strings.NewReader("From: vera@acme.example\n\n"+id), 0)
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := a.PutArrival(ctx, arrivals.Arrival{ID: id, Raw: paper.Digest, Size: paper.Size, Came: noon()}); err != nil {
			b.Fatal(err)
		}
		if err := a.SettleArrival(ctx, arrivals.Arrival{ID: id, Kind: arrivals.Comment, Case: fmt.Sprintf("onboarding/v%d/1", i%10), Answer: "mail-" + id}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}
