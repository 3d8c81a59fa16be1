package archive

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// TestQueriesUseIndexes: with 100,000 cases a scan takes seconds. SQLite says of
// each step whether it searches or scans.
func TestQueriesUseIndexes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for name, query := range map[string]string{
		"Waiting": waitingQuery, "Request": requestQuery, "AnswerLine": answerLineQuery,
		"Receipt": receiptQuery, "NextQueued": nextQueuedQuery,
		"Unfiled": unfiledQuery, "OpenProcesses": openProcessesQuery, "CaseOf": caseOfQuery, "CasesOf": casesOfQuery,
		"CasePage": casePageQuery, "CasesIn": casesInQuery, "Answered": answeredQuery, "SealReady": sealReadyQuery,
		"HasQueued":  `SELECT EXISTS (SELECT 1 FROM queue WHERE process = ?)`,
		"QueuedOf":   `SELECT ` + queuedColumns + ` FROM queue WHERE person = ? ORDER BY seq`,
		"Lines":      `SELECT ` + lineColumns + ` FROM lines WHERE chain = ? ORDER BY n`,
		"Text":       textQuery,
		"known":      `SELECT entry FROM lines WHERE chain = ? AND id = ? AND conflict = 0`,
		"conflicts":  `SELECT entry FROM lines WHERE chain = ? AND id = ? AND conflict = 1`,
		"requests":   `SELECT request FROM requests WHERE case_id = ? ORDER BY pos`,
		"sealed":     `SELECT entry FROM lines WHERE chain = ? AND kind = 'sealed' ORDER BY n`,
		"overtaken":  `SELECT entry FROM lines WHERE chain = ? AND n > ? AND kind = 'erased' ORDER BY n LIMIT 1`,
		"inbox":      `DELETE FROM inbox WHERE request = ?`,
		"documents":  `SELECT EXISTS (SELECT 1 FROM case_documents WHERE case_id = ? AND digest = ?)`,
		"who has it": `SELECT case_id FROM case_documents WHERE digest = ? ORDER BY case_id`,
	} {
		args := make([]any, strings.Count(query, "?"))
		for n := 3; n > 0; n-- {
			if strings.Contains(query, fmt.Sprint("?", n)) {
				args = args[:n]
				break
			}
		}
		for i := range args {
			args[i] = "x"
		}
		plan := planOf(t, a.reads, query, args)
		searches := 0
		for _, step := range plan {
			if strings.HasPrefix(step, "SEARCH") {
				searches++
			}
			if strings.HasPrefix(step, "SCAN") && step != "SCAN CONSTANT ROW" {
				t.Errorf("%s: %s", name, step)
			}
			if strings.Contains(step, "B-TREE FOR ORDER BY") && name != "Waiting" && name != "QueuedOf" && name != "CasesIn" { // what belongs to one person is short, and so is the list of exits, or of a vendor's cases
				t.Errorf("%s sorts: %s", name, step)
			}
		}
		if searches == 0 {
			t.Errorf("%s searches nothing: %q", name, plan)
		}
	}
}
