# A Chinese page has a line for each sentence, and groff would set a blank where one ends. With \c
# behind a line there is none: where a full-width mark ends it or begins the next, or where Chinese
# meets Chinese. In a list of Latin words a line may end behind each mark. By bytes (LC_ALL=C), so
# that any awk does.
BEGIN {
  MARK = "(\343\200[\200-\277]|\357\274[\200-\277]|\357\275[\200-\245])"
  LIST = "\343\200\201" # 、
  HAN = "[\344-\351][\200-\277][\200-\277]"
}

# Is it filled with what comes before and after it?
function flows(line) { return line != "" && line !~ /^\./ }

function meets(a, b) {
  if (!flows(b) || a == "" || (a ~ /^\./ && a !~ /^\.[BIR]+ /)) return 0
  if (a ~ (MARK "$") || b ~ ("^" MARK)) return 1
  return flows(a) && a ~ (HAN "$") && b ~ ("^" HAN)
}

/^\.(EX|nf)/ { example = 1 }
NR > 1 { print before (!example && meets(before, $0) ? "\\c" : "") }
!example && flows($0) { gsub(LIST, "&\\:"); sub(/\\:$/, "") }
{ before = $0 }
/^\.(EE|fi)/ { example = 0 }
END { print before }
