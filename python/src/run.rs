//! Work in a thread of its own while the caller's thread, without the GIL, looks for signals and tells progress.

use crate::errors::{Raised, caught};
use crate::memory;
use pyo3::prelude::*;
use reident::evaluation::Progress;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long the caller sleeps before it looks up.
const NAP: Duration = Duration::from_millis(50);
/// How long a cancelled run is waited for; it ends by itself afterwards, and what it leaves is dropped.
const GRACE: Duration = Duration::from_millis(100);

/// Stops a run from another thread: pass it as `cancel`, and call `cancel()`.
#[pyclass(frozen, module = "reident")]
#[derive(Default)]
pub struct CancelToken(Arc<AtomicBool>);

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> CancelToken {
        CancelToken::default()
    }

    /// Stops the runs that this was passed to; they raise `reident.Cancelled`.
    fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether `cancel` was called.
    #[getter]
    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How far a run is.
#[derive(Default)]
struct Stage {
    attackers: usize,
    attacker: usize,
    /// The number of the step, of whichever attacker.
    step: usize,
    name: String,
    total: u64,
}

/// What the two threads share.
#[derive(Default)]
struct Shared {
    stage: Mutex<Stage>,
    done: AtomicU64,
    interrupted: AtomicBool,
    token: Arc<AtomicBool>,
}

impl Progress for Shared {
    fn attackers(&self, count: usize) {
        // The tables are read.
        memory::give_back();
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        // What came before, as a search for known columns, was no attacker.
        *stage = Stage { attackers: count, ..Stage::default() };
    }

    fn attacker(&self) {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner).attacker += 1;
    }

    fn begin(&self, step: &str, units: u64) {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        stage.step += 1;
        stage.name = step.to_owned();
        stage.total = units;
        self.done.store(0, Ordering::Relaxed);
    }

    fn advance(&self, units: u64) {
        self.done.fetch_add(units, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed) || self.token.load(Ordering::Relaxed)
    }
}

/// The caller's side of a run.
pub struct Caller<'py> {
    py: Python<'py>,
    pool: rayon::ThreadPool,
    progress: Option<Py<PyAny>>,
    shared: Arc<Shared>,
}

impl<'py> Caller<'py> {
    /// With so many threads, all cores when not told. `progress` is called with the step's name, the attacker's number, the number of
    /// attackers, and units done and in total.
    pub fn new(
        py: Python<'py>,
        threads: Option<usize>,
        progress: Option<Py<PyAny>>,
        cancel: Option<Py<CancelToken>>,
    ) -> PyResult<Caller<'py>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
        let pool = pool.map_err(|error| Raised::settings(format!("cannot start the threads: {error}")).raise(py))?;
        let token = cancel.map(|token| Arc::clone(&token.get().0)).unwrap_or_default();
        Ok(Caller { py, pool, progress, shared: Arc::new(Shared { token, ..Shared::default() }) })
    }

    /// Runs the work and waits for it. An exception of a signal's handler or of the callback ends the run and is raised.
    pub fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&dyn Progress) -> Result<T, Raised> + Send + 'static,
    ) -> PyResult<T> {
        let Caller { py, pool, progress, shared } = self;
        let (send, receive) = channel();
        let working = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("reident".to_owned()).spawn(move || {
            let done = pool.install(|| caught(|| work(working.as_ref())));
            // Who asked may have gone.
            let _ = send.send(done);
        });
        if let Err(error) = thread {
            return Err(Raised::settings(format!("cannot start a thread: {error}")).raise(py));
        }
        // A receiver is used by one thread, this one, which only lets go of the GIL.
        let receive = Mutex::new(receive);
        let wait =
            |time: Duration| py.detach(|| receive.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(time));
        let mut told = (0, u64::MAX);
        let mut nap = Duration::from_millis(1);
        loop {
            match wait(nap) {
                Ok(done) => {
                    if done.is_ok() {
                        self::tell(py, progress.as_ref(), &shared, &mut told, true)?;
                    }
                    return done.map_err(|error| error.raise(py));
                }
                Err(RecvTimeoutError::Disconnected) => return Err(Raised::gone().raise(py)),
                Err(RecvTimeoutError::Timeout) => {}
            }
            // Short runs are not waited for longer than they take.
            nap = (nap * 2).min(NAP);
            let stopped = py.check_signals().and_then(|()| tell(py, progress.as_ref(), &shared, &mut told, false));
            if let Err(stopped) = stopped {
                shared.interrupted.store(true, Ordering::Relaxed);
                let deadline = Instant::now() + GRACE;
                let _ = wait(deadline.saturating_duration_since(Instant::now()));
                return Err(stopped);
            }
        }
    }
}

/// Calls back when something has changed, or at the end.
fn tell(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    shared: &Shared,
    told: &mut (usize, u64),
    ended: bool,
) -> PyResult<()> {
    let Some(progress) = progress else { return Ok(()) };
    let (name, step, attacker, attackers, total) = {
        let stage = shared.stage.lock().unwrap_or_else(PoisonError::into_inner);
        // A step that is no attacker's, a calibration, counts as one where nobody attacks.
        let attacker = stage.attacker.max(1);
        (stage.name.clone(), stage.step, attacker, stage.attackers.max(attacker), stage.total)
    };
    let done = if ended { total } else { shared.done.load(Ordering::Relaxed).min(total) };
    if step > 0 && (ended || *told != (step, done)) {
        *told = (step, done);
        progress.call1(py, (name, attacker, attackers, done, total))?;
    }
    Ok(())
}
