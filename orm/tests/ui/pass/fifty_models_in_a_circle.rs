//! Fifty models that all point at each other: the compiler neither runs in circles nor gives up.

use orm::{Many2Many, Many2One, Model, One2Many};

macro_rules! models {
    ($($name:ident $table:literal $next:ident $far:ident $other:ident;)*) => {
        $(
            #[derive(Debug, Model)]
            #[model(table = $table)]
            pub struct $name {
                #[field(max = 20)]
                pub name: String,
                pub next: Many2One<$next>,
                pub far: Option<Many2One<$far>>,
                pub others: Many2Many<$other>,
                #[field(inverse = "next")]
                pub before: One2Many<$other>,
            }
        )*

        fn tables() -> Vec<&'static str> {
            vec![$($name::def().table),*]
        }
    };
}

models! {
    M00 "m00s" M01 M07 M05;
    M01 "m01s" M02 M08 M18;
    M02 "m02s" M03 M09 M31;
    M03 "m03s" M04 M10 M44;
    M04 "m04s" M05 M11 M07;
    M05 "m05s" M06 M12 M20;
    M06 "m06s" M07 M13 M33;
    M07 "m07s" M08 M14 M46;
    M08 "m08s" M09 M15 M09;
    M09 "m09s" M10 M16 M22;
    M10 "m10s" M11 M17 M35;
    M11 "m11s" M12 M18 M48;
    M12 "m12s" M13 M19 M11;
    M13 "m13s" M14 M20 M24;
    M14 "m14s" M15 M21 M37;
    M15 "m15s" M16 M22 M00;
    M16 "m16s" M17 M23 M13;
    M17 "m17s" M18 M24 M26;
    M18 "m18s" M19 M25 M39;
    M19 "m19s" M20 M26 M02;
    M20 "m20s" M21 M27 M15;
    M21 "m21s" M22 M28 M28;
    M22 "m22s" M23 M29 M41;
    M23 "m23s" M24 M30 M04;
    M24 "m24s" M25 M31 M17;
    M25 "m25s" M26 M32 M30;
    M26 "m26s" M27 M33 M43;
    M27 "m27s" M28 M34 M06;
    M28 "m28s" M29 M35 M19;
    M29 "m29s" M30 M36 M32;
    M30 "m30s" M31 M37 M45;
    M31 "m31s" M32 M38 M08;
    M32 "m32s" M33 M39 M21;
    M33 "m33s" M34 M40 M34;
    M34 "m34s" M35 M41 M47;
    M35 "m35s" M36 M42 M10;
    M36 "m36s" M37 M43 M23;
    M37 "m37s" M38 M44 M36;
    M38 "m38s" M39 M45 M49;
    M39 "m39s" M40 M46 M12;
    M40 "m40s" M41 M47 M25;
    M41 "m41s" M42 M48 M38;
    M42 "m42s" M43 M49 M01;
    M43 "m43s" M44 M00 M14;
    M44 "m44s" M45 M01 M27;
    M45 "m45s" M46 M02 M40;
    M46 "m46s" M47 M03 M03;
    M47 "m47s" M48 M04 M16;
    M48 "m48s" M49 M05 M29;
    M49 "m49s" M00 M06 M42;
}

fn is_send_and_sync<T: Send + Sync>(_: &T) {}

#[test]
fn fifty_models_point_at_each_other() {
    assert_eq!(tables().len(), 50);
    is_send_and_sync(&M00::NEXT.to(M01::NEXT).to(M02::NEXT).to(M03::NAME).eq("M04"));
    is_send_and_sync(&M00::OTHERS.some(M05::BEFORE.none(M20::NAME.eq("M21"))));
}
