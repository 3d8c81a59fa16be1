package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"testing"
)

// plan is what EXPLAIN (ANALYZE, FORMAT JSON) says of one step and those below.
type plan struct {
	Kind    string  `json:"Node Type"`
	Table   string  `json:"Relation Name"`
	Index   string  `json:"Index Name"`
	Cond    string  `json:"Index Cond"`
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Removed float64 `json:"Rows Removed by Filter"`
	Below   []plan  `json:"Plans"`
}

// small tables may be read through: they have a few rows at most.
const small = " queue state people contacts letters "

// count sums the rows that the steps that read tables handed on or threw away,
// and lists the tables that were read from end to end.
func (p plan) count() (touched int, through []string) {
	if p.Table != "" || strings.HasPrefix(p.Kind, "Bitmap Index") {
		touched = int((p.Rows + p.Removed) * p.Loops)
	}
	if p.Kind == "Seq Scan" && !strings.Contains(small, " "+p.Table+" ") {
		through = append(through, p.Table)
	}
	for _, b := range p.Below {
		t, more := b.count()
		touched, through = touched+t, append(through, more...)
	}
	return touched, through
}

// String is for a test that fails.
func (p plan) String() string {
	text, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func explained(t *testing.T, a *Archive, ask asked) plan {
	t.Helper()
	texts, err := queryAll(context.Background(), a.reads, scanFirst, `EXPLAIN (ANALYZE, FORMAT JSON) `+ask.query, ask.args...)
	if err != nil || len(texts) != 1 {
		t.Fatalf("%s: %d, %v", ask.query, len(texts), err)
	}
	var plans []struct{ Plan plan }
	if err := json.Unmarshal([]byte(texts[0]), &plans); err != nil || len(plans) != 1 {
		t.Fatalf("%s: %v", texts[0], err)
	}
	return plans[0].Plan
}

// scanFirst reads the first column, whatever follows.
func scanFirst(rows *sql.Rows) (string, error) {
	columns, err := rows.Columns()
	if err != nil {
		return "", err
	}
	values := make([]any, len(columns))
	var first string
	values[0] = &first
	for i := 1; i < len(values); i++ {
		values[i] = new(any)
	}
	err = rows.Scan(values...)
	return first, err
}
