package engagement

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Treatment is what is done about a risk.
type Treatment string

// Treatments.
const (
	TreatAccept   Treatment = "accept"
	TreatReduce   Treatment = "reduce"
	TreatTransfer Treatment = "transfer" // insured, or the vendor's by contract
	TreatAvoid    Treatment = "avoid"
)

// The scale of likelihood and effect; a risk's level is their product.
const (
	leastRisk = 1
	mostRisk  = 5
)

// mostRisks bounds the rows of a risk record.
const mostRisks = 30

// Risk is one row of a risk record. What the risk is stands in the sheet, in words.
type Risk struct {
	N          int       `json:"n"` // the row
	Likelihood int       `json:"likelihood"`
	Effect     int       `json:"effect"`
	Treatment  Treatment `json:"treatment"`
	Owner      string    `json:"owner"` // a person's id
}

// Level is likelihood times effect, from 1 to 25.
func (r Risk) Level() int { return r.Likelihood * r.Effect }

// The columns of a risk record, as the ids of its points end.
const (
	riskWhat       = "what"
	riskLikelihood = "likelihood"
	riskEffect     = "effect"
	riskTreatment  = "treatment"
	riskOwner      = "owner"
)

// RiskPoints are the lines of a form that is a risk record of that many rows. The first
// row is wanted, since no vendor is without a risk; of the others each is filled in
// wholly or not at all, which Risks says.
func RiskPoints(rows int) []Point {
	treatments := []string{string(TreatAccept), string(TreatReduce), string(TreatTransfer), string(TreatAvoid)}
	scale := []string{"1", "2", "3", "4", "5"}
	var points []Point
	for n := 1; n <= min(rows, mostRisks); n++ {
		for _, c := range []Point{
			{ID: riskWhat, Title: "What could happen", Kind: PointText},
			{ID: riskLikelihood, Title: "How likely", Ask: "1 hardly ever to 5 almost certain", Kind: PointChoice, Options: scale},
			{ID: riskEffect, Title: "How bad", Ask: "1 hardly felt to 5 the work stops", Kind: PointChoice, Options: scale},
			{ID: riskTreatment, Title: "What is done about it", Kind: PointChoice, Options: slices.Clone(treatments)},
			{ID: riskOwner, Title: "Who looks after it", Kind: PointPerson},
		} {
			c.ID, c.Title, c.Optional = riskID(n, c.ID), fmt.Sprintf("Risk %d: %s", n, strings.ToLower(c.Title[:1])+c.Title[1:]), n > 1
			c.Options = slices.Clone(c.Options)
			points = append(points, c)
		}
	}
	return points
}

func riskID(n int, column string) string { return "risk-" + strconv.Itoa(n) + "-" + column }

// Risks reads the rows of a risk record from what was filled in, in their order. A row
// that is filled in by half, or by what no risk record holds, is an error that names
// the row.
func Risks(findings []Finding) ([]Risk, error) {
	byPoint := map[string]Finding{}
	for _, f := range findings {
		byPoint[f.Point] = f
	}
	var risks []Risk
	for n := 1; n <= mostRisks; n++ {
		columns := 0
		chosen := func(column string) string {
			f, there := byPoint[riskID(n, column)]
			if there {
				columns++
			}
			if !there || len(f.Choices) != 1 {
				return ""
			}
			return f.Choices[0]
		}
		r := Risk{N: n, Likelihood: onScale(chosen(riskLikelihood)), Effect: onScale(chosen(riskEffect)),
			Treatment: Treatment(chosen(riskTreatment)), Owner: chosen(riskOwner)}
		what, said := byPoint[riskID(n, riskWhat)]
		if columns == 0 && !said {
			continue
		}
		treated := slices.Contains([]Treatment{TreatAccept, TreatReduce, TreatTransfer, TreatAvoid}, r.Treatment)
		if !what.Said || r.Likelihood == 0 || r.Effect == 0 || !treated || !isRef(r.Owner) {
			return nil, fmt.Errorf("risk %d is not filled in wholly: what, how likely, how bad, what is done and who looks after it", n)
		}
		risks = append(risks, r)
	}
	return risks, nil
}

// onScale is a step of the scale; 0: it is none.
func onScale(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < leastRisk || n > mostRisk || s != strconv.Itoa(n) {
		return 0
	}
	return n
}
