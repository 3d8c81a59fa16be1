package house

import (
	"io/fs"
	"strings"
	"testing"
)

// librariesPage says of every library what it is for.
const librariesPage = "docs/decisions/0008-libraries.md"

// reasons reports modules that a go.mod asks for directly and that the page of
// libraries gives no reason for.
func reasons(tr *tree) []finding {
	page, err := fs.ReadFile(tr.fsys, librariesPage)
	if err != nil {
		return []finding{{path: librariesPage, text: err.Error()}}
	}
	var found []finding
	for _, name := range []string{"go.mod", "local/go.mod"} {
		text, err := fs.ReadFile(tr.fsys, name)
		if err != nil {
			found = append(found, finding{path: name, text: err.Error()})
			continue
		}
		for i, line := range strings.Split(string(text), "\n") {
			words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
			if len(words) != 2 || !strings.HasPrefix(words[1], "v") || !strings.Contains(words[0], ".") {
				continue // no requirement, or an indirect one
			}
			if short := strings.TrimPrefix(words[0], "github.com/"); !strings.Contains(string(page), short+"`") {
				found = append(found, finding{name, i + 1, words[0] + " has no line in " + librariesPage})
			}
		}
	}
	return found
}

func TestReasons(t *testing.T) { holds(t, reasons) }

func TestReasonsFires(t *testing.T) {
	t.Parallel()
	fires(t, reasons, map[string]string{
		librariesPage:  "| `example.com/known` | `them/short` |\n",
		"go.mod":       "module gangway\n\ngo 1.26.8\n\nrequire (\n\texample.com/known v1.0.0\n\tgithub.com/them/short v1.0.0\n\texample.com/other v1.0.0 // indirect\n\texample.com/know v1.0.0\n)\n",
		"local/go.mod": "module gangway/local\n\nrequire github.com/them/long v1.0.0\n",
	},
		"go.mod:9: example.com/know has no line in "+librariesPage,
		"local/go.mod:3: github.com/them/long has no line in "+librariesPage,
	)
}
