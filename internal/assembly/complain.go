package assembly

import (
	"errors"
	"fmt"
	"io"
)

// Complain tells a person what went wrong with a program, and what they can do
// about it where the error knows: each of several faults that were joined for
// itself.
func Complain(w io.Writer, err error) {
	if list, ok := joined(err); ok {
		for _, one := range list {
			Complain(w, one)
		}
		return
	}
	fmt.Fprintf(w, "gangway: error: %v\n", err)
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		fmt.Fprintf(w, "gangway: hint: %s\n", hinted.Hint())
	}
}

// joined takes apart what errors.Join made, and only that: an error that wraps
// two in a sentence of its own keeps its sentence.
func joined(err error) ([]error, bool) {
	several, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil, false
	}
	list := several.Unwrap()
	return list, err.Error() == errors.Join(list...).Error()
}
