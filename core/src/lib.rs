//! The framework: an environment of modules, their models served with rights over HTTP.
//!
//! Modules use this façade and `orm`; nothing above `http` names the web framework.

#![warn(missing_docs)]

mod app;
pub mod demo;
mod environment;
mod module;
mod service;
pub mod settings;
mod setup_order;

pub mod access;
pub mod auth;
mod crud;
mod ctx;
mod file_store;
pub mod history;
pub mod http;
mod outbox;
pub mod pubsub;

pub mod cli;
mod error;
pub mod i18n;
pub mod task;

pub use orm::{
    Choice, Column, Cond, Extend, Extension, FieldType, Filter, Id, ME, Macro, Model, Record,
    Selection, Session, Tx, Violation, engine::Delivery,
};

pub use crate::{
    access::{Grant, Rights},
    app::{App, Clock},
    ctx::Ctx,
    environment::{Environment, EnvironmentFaults, Opened, Plan, Running, StartError, StopOutcome},
    error::{Error, ErrorKind, Result, Unauthenticated},
    file_store::{FileStore, StoredFile},
    http::Answer,
    module::{Fill, LargeFill, Module, Setup, Texts},
    outbox::Deliver,
    service::{Health, Phase, Service},
    settings::Settings,
};
