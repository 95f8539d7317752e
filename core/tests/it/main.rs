//! The framework as its modules and its operator meet it; one behaviour a file.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod access;
mod access_review;
mod desk;
mod environment_order;
mod environment_port;
mod http_access_log;
mod http_cors;
mod http_limits;
mod http_problem;
mod http_server;
mod http_surroundings;
mod openapi;
mod probe;
mod pubsub;
mod socket;
mod socket_end;
mod socket_frames;
