# Makes a coarse release of the demo's original: bands of age, sex, and the diagnosis where many persons share it.
BEGIN { FS = OFS = "," }
NR == 1 { print "age", "sex", "diagnosis"; next }
{
  band = $1 < 40 ? "[18, 40)" : $1 < 60 ? "[40, 60)" : "[60, 100)"
  common = $8 == "高血压" || $8 == "糖尿病" || $8 == "感冒" || $8 == "健康"
  print "\"" band "\"", $5, common ? $8 : "*"
}
