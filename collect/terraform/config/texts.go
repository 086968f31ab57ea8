package config

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// textFunctions are pure functions of texts that Terraform has beside those of cty. Those that are in no table are
// unknown: what they say is known only when Terraform runs (timestamp, uuid, bcrypt), or asks for what a
// configuration does not hold.
var textFunctions = map[string]function.Function{
	"base64encode": texts(func(s ...string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(s[0])), nil }, 1),
	"base64decode": texts(decodeBase64, 1),
	"base64sha256": texts(func(s ...string) (string, error) {
		sum := sha256.Sum256([]byte(s[0]))
		return base64.StdEncoding.EncodeToString(sum[:]), nil
	}, 1),
	"base64sha512": texts(func(s ...string) (string, error) {
		sum := sha512.Sum512([]byte(s[0]))
		return base64.StdEncoding.EncodeToString(sum[:]), nil
	}, 1),
	"md5": texts(func(s ...string) (string, error) {
		sum := md5.Sum([]byte(s[0]))
		return hex.EncodeToString(sum[:]), nil
	}, 1),
	"sha1": texts(func(s ...string) (string, error) {
		sum := sha1.Sum([]byte(s[0]))
		return hex.EncodeToString(sum[:]), nil
	}, 1),
	"sha256": texts(func(s ...string) (string, error) {
		sum := sha256.Sum256([]byte(s[0]))
		return hex.EncodeToString(sum[:]), nil
	}, 1),
	"sha512": texts(func(s ...string) (string, error) {
		sum := sha512.Sum512([]byte(s[0]))
		return hex.EncodeToString(sum[:]), nil
	}, 1),
	// Terraform writes a space as "+", too.
	"urlencode":   texts(func(s ...string) (string, error) { return url.QueryEscape(s[0]), nil }, 1),
	"replace":     texts(replace, 3),
	"basename":    texts(func(s ...string) (string, error) { return s[0][strings.LastIndexByte(s[0], '/')+1:], nil }, 1),
	"dirname":     texts(dirname, 1),
	"startswith":  tests(strings.HasPrefix),
	"endswith":    tests(strings.HasSuffix),
	"strcontains": tests(strings.Contains),
	"cidrsubnet":  anyFunction(cidrSubnet),
	"cidrsubnets": anyFunction(cidrSubnets),
	"cidrhost":    anyFunction(cidrHost),
	"cidrnetmask": texts(cidrNetmask, 1),
}

// texts makes a function of n texts.
func texts(do func(s ...string) (string, error), n int) function.Function {
	spec := &function.Spec{
		Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s := make([]string, len(args))
			for i, a := range args {
				s[i] = a.AsString()
			}
			out, err := do(s...)
			return cty.StringVal(out), err
		},
	}
	for range n {
		spec.Params = append(spec.Params, function.Parameter{Name: "text", Type: cty.String})
	}
	return converting(function.New(spec))
}

// tests makes a function that asks something of two texts.
func tests(do func(s, t string) bool) function.Function {
	return converting(function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "part", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(do(args[0].AsString(), args[1].AsString())), nil
		},
	}))
}

func decodeBase64(s ...string) (string, error) {
	out, err := base64.StdEncoding.DecodeString(s[0])
	if err != nil {
		return "", err
	}
	if !utf8.Valid(out) {
		return "", errors.New("base64decode: the result is no text")
	}
	return string(out), nil
}

// replace takes a regular expression between slashes, too.
func replace(s ...string) (string, error) {
	if old := s[1]; len(old) > 1 && old[0] == '/' && old[len(old)-1] == '/' {
		re, err := regexp.Compile(old[1 : len(old)-1])
		if err != nil {
			return "", err
		}
		return re.ReplaceAllString(s[0], s[2]), nil
	}
	return strings.ReplaceAll(s[0], s[1], s[2]), nil
}

func dirname(s ...string) (string, error) {
	if i := strings.LastIndexByte(s[0], '/'); i > 0 {
		return s[0][:i], nil
	} else if i == 0 {
		return "/", nil
	}
	return ".", nil
}

// prefixOf parses a network.
func prefixOf(v cty.Value) (netip.Prefix, error) {
	if v.IsNull() || v.Type() != cty.String {
		return netip.Prefix{}, errors.New("want a network as text")
	}
	p, err := netip.ParsePrefix(v.AsString())
	return p.Masked(), err
}

// intOf is a whole number.
func intOf(v cty.Value) (*big.Int, error) {
	if v.IsNull() || v.Type() != cty.Number {
		return nil, errors.New("want a number")
	}
	n, accuracy := v.AsBigFloat().Int(nil)
	if accuracy != big.Exact {
		return nil, errors.New("want a whole number")
	}
	return n, nil
}

func unknownArgs(args []cty.Value) bool {
	for _, a := range args {
		if !a.IsWhollyKnown() {
			return true
		}
	}
	return false
}

// nth is the network of so many bits more that has the number n.
func nth(p netip.Prefix, bits int, n *big.Int) (netip.Prefix, error) {
	length := p.Bits() + bits
	if bits < 0 || length > p.Addr().BitLen() || n.Sign() < 0 || n.BitLen() > bits {
		return netip.Prefix{}, fmt.Errorf("%s has no subnet %s of %d bits more", p, n, bits)
	}
	base := new(big.Int).SetBytes(p.Addr().AsSlice())
	base.Add(base, new(big.Int).Lsh(n, uint(p.Addr().BitLen()-length)))
	addr, _ := netip.AddrFromSlice(base.FillBytes(make([]byte, p.Addr().BitLen()/8)))
	return netip.PrefixFrom(addr, length), nil
}

func cidrSubnet(args []cty.Value) (cty.Value, error) {
	if len(args) != 3 {
		return cty.DynamicVal, errArguments
	}
	if unknownArgs(args) {
		return cty.UnknownVal(cty.String), nil
	}
	p, err := prefixOf(args[0])
	bits, err2 := intOf(args[1])
	n, err3 := intOf(args[2])
	if err := errors.Join(err, err2, err3); err != nil {
		return cty.DynamicVal, fmt.Errorf("cidrsubnet: %w", err)
	}
	if !bits.IsInt64() || bits.Int64() > 128 {
		return cty.DynamicVal, fmt.Errorf("cidrsubnet: %s bits more", bits)
	}
	sub, err := nth(p, int(bits.Int64()), n)
	return cty.StringVal(sub.String()), err
}

// cidrSubnets gives networks one after the other, each as large as asked for.
func cidrSubnets(args []cty.Value) (cty.Value, error) {
	if len(args) == 0 {
		return cty.DynamicVal, errArguments
	}
	if unknownArgs(args) {
		return cty.DynamicVal, nil
	}
	p, err := prefixOf(args[0])
	if err != nil {
		return cty.DynamicVal, fmt.Errorf("cidrsubnets: %w", err)
	}
	next := new(big.Int) // how many addresses of p are given away
	out := []cty.Value{}
	for _, a := range args[1:] {
		bits, err := intOf(a)
		if err != nil || !bits.IsInt64() || bits.Int64() < 1 || p.Bits()+int(bits.Int64()) > p.Addr().BitLen() {
			return cty.DynamicVal, errors.New("cidrsubnets: want how many bits more each network has")
		}
		shift := uint(p.Addr().BitLen() - p.Bits() - int(bits.Int64()))
		size := new(big.Int).Lsh(big.NewInt(1), shift)
		n := new(big.Int).Add(next, new(big.Int).Sub(size, big.NewInt(1)))
		n.Rsh(n, shift)
		sub, err := nth(p, int(bits.Int64()), n)
		if err != nil {
			return cty.DynamicVal, fmt.Errorf("cidrsubnets: %w", err)
		}
		next = new(big.Int).Mul(new(big.Int).Add(n, big.NewInt(1)), size)
		out = append(out, cty.StringVal(sub.String()))
	}
	if len(out) == 0 {
		return cty.ListValEmpty(cty.String), nil
	}
	return cty.ListVal(out), nil
}

// cidrHost counts from the end of the network where the number is negative.
func cidrHost(args []cty.Value) (cty.Value, error) {
	if len(args) != 2 {
		return cty.DynamicVal, errArguments
	}
	if unknownArgs(args) {
		return cty.UnknownVal(cty.String), nil
	}
	p, err := prefixOf(args[0])
	n, err2 := intOf(args[1])
	if err := errors.Join(err, err2); err != nil {
		return cty.DynamicVal, fmt.Errorf("cidrhost: %w", err)
	}
	bits := p.Addr().BitLen() - p.Bits()
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(bits)))
	}
	host, err := nth(p, bits, n)
	return cty.StringVal(host.Addr().String()), err
}

func cidrNetmask(s ...string) (string, error) {
	p, err := netip.ParsePrefix(s[0])
	if err != nil || !p.Addr().Is4() {
		return "", errors.New("cidrnetmask: want an IPv4 network")
	}
	mask := ^uint32(0) << (32 - p.Bits())
	if p.Bits() == 0 {
		mask = 0
	}
	return netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}).String(), nil
}
