//go:build race

package archive

// many is how many cases TestManyCases makes.
const many = 400
