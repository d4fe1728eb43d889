//! Memory that nobody uses any more, given back.
//!
//! Who reads a file into a frame leaves much free memory behind, which the C library keeps for the next who asks, though seldom in the
//! sizes that are asked for: on a million rows of pandas' it is a quarter of all. The same is true of reading tables before they are attacked.

/// Gives free memory back to the system, where the C library is one that keeps it and can be told to (glibc).
#[allow(unsafe_code)]
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        unsafe extern "C" {
            fn malloc_trim(pad: usize) -> std::ffi::c_int;
        }
        // SAFETY: it takes any number, may be called from any thread, and changes no memory that is in use (malloc_trim(3)).
        unsafe {
            malloc_trim(0);
        }
    }
}
