package assembly

import (
	"errors"
	"fmt"
	"io"
)

// Complain tells a person what went wrong with a program, and what they can do
// about it where the error knows.
func Complain(w io.Writer, err error) {
	fmt.Fprintf(w, "gangway: error: %v\n", err)
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		fmt.Fprintf(w, "gangway: hint: %s\n", hinted.Hint())
	}
}
