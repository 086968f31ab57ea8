package assess_test

import (
	"testing"

	"github.com/assize-dev/assize"
)

func TestWholeInternet(t *testing.T) {
	t.Parallel()
	for cidr, want := range map[string]assize.Outcome{
		"0.0.0.0/0":     assize.Pass,
		"128.0.0.0/1":   assize.Pass,
		"8.0.0.0/7":     assize.Pass,
		"10.0.0.0/8":    assize.Fail,
		"192.0.2.0/24":  assize.Fail,
		"::/0":          assize.Pass,
		"8000::/1":      assize.Pass,
		"2000::/3":      assize.Pass,
		"2001:db8::/32": assize.Fail,
		"fc00::/7":      assize.Fail,
		"fd00::/8":      assize.Fail,
		"f800::/5":      assize.Pass,
		"everywhere":    assize.Inconclusive,
	} {
		t.Run(cidr, func(t *testing.T) {
			t.Parallel()
			if got := verdictOf(t, `wholeInternet("`+cidr+`")`, allow("s3:GetObject", "*")); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestNotSaid(t *testing.T) {
	t.Parallel()
	if got := verdictOf(t, `notSaid("when it was used")`, allow("s3:GetObject", "*")); got != assize.Inconclusive {
		t.Errorf("got %s, want %s", got, assize.Inconclusive)
	}
}
